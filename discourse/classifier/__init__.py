"""The classifier: a comment in its thread → stance, reply stance and argument type, with calibrated probabilities."""

from discourse.classifier.labeling import classify
from discourse.classifier.model import Model, load_model

__all__ = ["Model", "classify", "load_model"]
