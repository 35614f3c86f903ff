// A part that cannot be had is asked for as the whole page, which says why.
document.addEventListener("htmx:error", (event) => openPage(event.target));
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx.response.status >= 500) openPage(event.target);
});

function openPage(source) {
  if (source.matches("form")) source.submit();
  else location.assign(source.href);
}
