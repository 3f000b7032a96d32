"""Reviews: looking again together at what was agreed, each adult with the teacher who leads."""
