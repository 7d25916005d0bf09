"""計画の画面: the plan as adopted, its versions, what changed, and the running draft."""
