"""The mail of one machine: what the local outbox folder holds. Only where there is such a folder."""
