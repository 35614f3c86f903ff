"""Pictures that are drawn by a browser and kept in the repository: `python -m pictures icons screens`."""
