/** The plain pages that need no bundle: an invitation, the set-up. */
export const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const ENTITY: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITY[character] ?? character);
}

/** `body` is HTML; whatever a person wrote has gone through `escapeHtml`. */
export function pageShell({ title, body, script }: { title: string; body: string; script?: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Assay</title>
<link rel="stylesheet" href="/pages/style.css">
${script ? `<script type="module" src="${script}"></script>` : ''}
</head>
<body><main>
<p class="brand">Assay</p>
${body}
</main></body>
</html>
`;
}

/** Light and dark, system contrast, one accent; ux.md's visual language in little. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --quiet: #60646c; --paper: #ffffff; --ground: #f4f4f6; --line: #dcdde2; --accent: #4a3fc4; --on-accent: #ffffff; --bad: #b3261e; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceef2; --quiet: #a9adb6; --paper: #1d1f24; --ground: #141519; --line: #363a42; --accent: #a9a2ff; --on-accent: #15121f; --bad: #ff9d94; --good: #6fdd8b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/24px Inter, system-ui, sans-serif; }
main { max-width: 560px; margin: 8vh auto; padding: 32px; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; }
.brand { margin: 0 0 24px; font-weight: 650; letter-spacing: .02em; color: var(--accent); }
h1 { margin: 0 0 8px; font-size: 24px; line-height: 32px; }
p { margin: 0 0 16px; } .quiet { color: var(--quiet); font-weight: 400; }
ul { margin: 0 0 24px; padding-left: 20px; } li { margin-bottom: 4px; }
label { display: block; margin-bottom: 16px; font-weight: 550; }
input { display: block; width: 100%; margin-top: 4px; padding: 8px 12px; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: 8px; }
button { padding: 8px 20px; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: 8px; cursor: pointer; }
button:disabled { opacity: .6; cursor: progress; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[role=alert] { color: var(--bad); font-weight: 550; } [role=alert]:empty { display: none; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 0 0 24px; } dt { color: var(--quiet); } dd { margin: 0; }
code { font-family: 'JetBrains Mono', ui-monospace, monospace; font-size: 14px; }
`;
