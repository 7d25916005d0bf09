"""What a decision does in the domain: each slice registers its kinds."""
