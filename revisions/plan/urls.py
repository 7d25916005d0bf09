"""Pages of plans, versions and drafts."""
