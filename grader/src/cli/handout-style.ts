/** The look of the printed handout: black on white, A4, nothing that must be loaded. */
export const HANDOUT_STYLE = `
@page { size: A4; margin: 18mm 16mm 20mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.6 "Pretendard Variable", Pretendard, "Apple SD Gothic Neo", "Noto Sans KR", "Malgun Gothic", system-ui, sans-serif;
  color: #171c26; max-width: 780px; margin: 0 auto; padding: 24px; word-break: keep-all; overflow-wrap: anywhere; }
h1 { font-size: 24pt; margin: 30mm 0 4mm; }
h2 { font-size: 16pt; margin: 0 0 2mm; line-height: 1.35; }
h3 { font-size: 12pt; margin: 7mm 0 2mm; break-after: avoid; }
h4, h5, h6 { font-size: 10.5pt; margin: 4mm 0 1mm; break-after: avoid; }
section h3 span { color: #5d687e; font-weight: 500; margin-right: 2mm; }
p, ul, ol, table, pre { margin: 0 0 3mm; }
li + li { margin-top: 1mm; }
a { color: inherit; text-decoration: none; border-bottom: 1px solid #c3cad6; }
article { break-before: page; }
.kind { color: #5d687e; font-size: 9pt; margin: 0; }
.summary { color: #4c566a; font-size: 11.5pt; }
.links, .where { color: #5d687e; font-size: 9pt; margin-bottom: 1.5mm; }
code { font: 9.5pt D2Coding, ui-monospace, Consolas, monospace, "Pretendard Variable"; }
:not(pre) > code { background: #eef0f4; border-radius: 3px; padding: 0 3px; }
pre { border: 1px solid #dfe3ea; border-radius: 5px; padding: 2mm 3mm; white-space: pre-wrap; break-inside: avoid; }
pre.command { border-left: 3px solid #2b5bd7; }
aside, .figure { border-left: 3px solid #c3cad6; padding: 0 0 0 3mm; color: #4c566a; }
.quiz { border: 1px solid #c3cad6; border-radius: 5px; padding: 2mm 4mm; margin: 0 0 3mm; break-inside: avoid; }
.choices, .checks { list-style: none; padding: 0; }
.choices li::before { content: "○ "; color: #5d687e; }
.checks li::before { content: "□ "; color: #5d687e; }
.answer::after { content: ""; display: inline-block; width: 60mm; border-bottom: 1px solid #8a94a6; margin-left: 3mm; }
table { border-collapse: collapse; width: 100%; break-inside: avoid; }
th, td { border-bottom: 1px solid #dfe3ea; padding: 1mm 2mm; text-align: left; vertical-align: top; }
th { color: #5d687e; font-size: 9pt; }
blockquote { margin: 0 0 3mm; padding-left: 3mm; border-left: 3px solid #c3cad6; }
@media print { body { padding: 0; max-width: none; } a { border: 0; } }
`;
