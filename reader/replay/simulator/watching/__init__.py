"""Sessions of watching: readers who go through a feed of clips one by one, and stay or go on (docs/simulator.md).

What belongs here: the model of watching, its constants, and its log with the truth. What does not: reading, which has
a model of its own beside this folder, and anything that judges a ranking.
"""

from reader.replay.simulator.watching.settings import WatchSimulationSettings
from reader.replay.simulator.watching.simulation import WatchSimulation, simulate_watching

__all__ = ["WatchSimulation", "WatchSimulationSettings", "simulate_watching"]
