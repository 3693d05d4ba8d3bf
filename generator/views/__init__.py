"""A plan as people and programs see it: text, JSON, a Mermaid chart, a picture.

Each is a pure function of a Plan, gives the same bytes for the same plan, and takes every text in it for one that an
outsider chose.
"""
