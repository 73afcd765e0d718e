"""Latent Preference Coding (arXiv 2505.04993) in plain PyTorch, equal step by step to Facet's own engine."""
