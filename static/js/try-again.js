// The page that could not be opened is tried again as soon as the network is back.
if (document.querySelector("[data-again]")) addEventListener("online", () => location.reload());
