"""The pages of an inquiry 照会 and of the answers to it."""
