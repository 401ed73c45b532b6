"""A phone written from docs/protocol.md, docs/tables.md, docs/openapi.yaml and the vectors alone.

It exists to show that these documents are enough for another vendor: it shares no code with the project.
"""


class Malformed(ValueError):
    """Bytes or text that are not in the form the documents demand."""
