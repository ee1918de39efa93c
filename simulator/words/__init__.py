"""What a figure says, in words: pure functions of numbers, so that a title can be checked without drawing anything."""
