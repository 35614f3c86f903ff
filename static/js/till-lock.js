// A till that nobody touches locks itself: the next hand may be a stranger's.
function watch(form) {
  const wait = Number(form.dataset.locksIn) * 1000;
  let timer;
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), wait);
  };
  for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, begin, { passive: true });
  begin();
}

document.querySelectorAll("[data-locks-in]").forEach(watch);
