"""Trees that challenge the learner: what they add to a score, how they are fitted, and when they serve.

What belongs here: the model, its file, and the lists it is fitted to. What does not: whether it has won
(`reader.replay.challenge`). LightGBM is loaded only where there are trees to fit or to serve: it is an extra.
"""
