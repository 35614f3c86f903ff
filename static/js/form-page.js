// The answer to a form stands at the page of the form: going back to it or reloading it opens that page, where the browser
// would ask whether to send everything once more, or show an error of its own.
export function standAtFormPage() {
  const page = document.documentElement.dataset.formPage;
  if (page) history.replaceState(history.state, "", page === location.pathname ? location.href : page);
}
