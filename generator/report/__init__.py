"""Workflow status in, commit statuses out.

The core (views, reports, board, record, queue) is pure; `reporter` ties it to the edge.
"""
