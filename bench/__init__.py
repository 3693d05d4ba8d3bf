"""What argosy costs: processes, memory, and the way from a push to a green commit beside hand-written Argo.

Figures are printed for a person to read; nothing here passes or fails. `make bench` prints all of them, and FIGURES.md
keeps the last.
"""
