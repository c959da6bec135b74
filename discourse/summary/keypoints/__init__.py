"""What each side says, in the words of its own comments, and how many make each point.

key_points(sheet, kept, match) -> KeyPoints       verbatim sentences with their prevalence, and minority coverage
"""

from discourse.summary.keypoints.comparing import Match
from discourse.summary.keypoints.finding import KeyPoints, key_points

__all__ = ["KeyPoints", "Match", "key_points"]
