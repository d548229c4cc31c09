// Shows a choice of text, theme or margin at once, and keeps it; without this the form does it by its button.

const form = document.getElementById("look");

form?.addEventListener("change", async ({ target }) => {
  const root = document.documentElement;
  const first = { size: "2", width: "1", leading: "1", face: "serif", theme: "auto", map: "off", keys: "on" };
  if (target.value === first[target.name]) delete root.dataset[target.name];
  else root.dataset[target.name] = target.value;
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  // What is drawn in the margin comes from the server.
  if (answer.ok && target.name === "map") location.reload();
});
