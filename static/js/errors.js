// A refused form says so at once to everyone: the summary takes the focus, keyboards and screen readers with it.

import htmx from "htmx.org";

htmx.onLoad((content) => {
  const selector = '.notice[role="alert"][data-focus]';
  const notice = content.matches?.(selector) ? content : content.querySelector?.(selector);
  if (!notice) return;
  if (!notice.hasAttribute("tabindex")) notice.tabIndex = -1;
  notice.focus();
});
