"""Tests of a ci.yaml: the table ci.test.yaml says which jobs an event must start, and the planner is asked.

The text of a table and a CiFile go in; outcomes and findings come out, for `argosy test` and for the expander alike.
"""
