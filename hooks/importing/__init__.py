"""Exported comments, turned into pages of threads that wait for words. The build uses nothing of this."""
