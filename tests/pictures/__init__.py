"""Pictures that are drawn by a browser and kept in the repository: `python3 dev.py screens`."""
