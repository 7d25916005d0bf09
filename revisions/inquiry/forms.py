"""What the pages of an inquiry ask."""
