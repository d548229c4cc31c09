// Shows a choice of text, theme or margin at once, and keeps it; without this the form does it by its button.

const form = document.getElementById("look");

form?.addEventListener("change", async ({ target }) => {
  const root = document.documentElement;
  const first = { size: "2", width: "1", leading: "1", face: "serif", theme: "auto", map: "off", keys: "on" };
  if (target.value === first[target.name]) delete root.dataset[target.name];
  else root.dataset[target.name] = target.value;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  // What is drawn in the margin, and what the service worker may keep, comes from the server.
  if (answer.ok && ["map", "copies"].includes(target.name)) location.reload();
});
