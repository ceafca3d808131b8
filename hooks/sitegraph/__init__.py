"""The site as plain values: pages, claims, links, citations, references and the mistakes in them.

Nothing in this package knows MkDocs. Read `model.py` for the values and `assemble.py` for the order.
"""
