"use strict";
/* A form that several people write at once sends itself while it is typed in (hx-post); what the
   server has kept is no longer unsent. After kaitei.js. */

function follow(form, told) {
  let sending;
  form.addEventListener("htmx:beforeRequest", () => (sending = contentOf(form)));
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    const kept = detail.successful && detail.xhr.getResponseHeader("X-Kept");
    if (!kept) told.textContent = told.dataset.failed;
    if (kept !== "all") return;
    form.dispatchEvent(new CustomEvent("kept", { detail: sending }));
    if (contentOf(form) === sending) sessionStorage.removeItem(draftKey(form));
  });
}

follow(one("#sheet-form"), one("#kept"));
