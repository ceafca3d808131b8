"""The sweeps that would take too long in plain Python, with numpy: the same models, many seeds and settings at once."""
