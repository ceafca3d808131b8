"""The models that the notebooks ask, one module each, of the standard library alone: a browser can run them too.

Every module holds functions from parameters to plain values, the derived formula beside the simulation, and the
specifications of its figures.
"""
