"""django-viewflow is AGPL-3.0: measured beside this project in a process and a virtual environment
of its own, never imported by it. No more of it is used here than is needed for that.
"""
