"""What a run finds before its first step: directions that its latent is read and written in, codes and prior."""
