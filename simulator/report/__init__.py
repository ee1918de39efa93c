"""A briefing that a minister's office can use: one content, told as a web page, a Word document and a workbook.

`report` gathers what is reported on (`subject`), checks it (`verification`), says it (`briefing` and the modules of its
sections) as plain values (`content`), and hands those to the renderers (`html`, `word`, `workbook`).
"""

from simulator.report.write import report

__all__ = ["report"]
