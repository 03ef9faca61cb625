/** Signs the visitor in and out without leaving the page, so that an error appears beside its field. */
import { byId } from './dom.js';
import { postJson, RequestProblem, request } from './request.js';

const form = document.getElementById('sign-in');
if (form instanceof HTMLFormElement) form.addEventListener('submit', (event) => signIn(event, form));

const signOutButton = document.getElementById('sign-out');
if (signOutButton !== null) {
  signOutButton.hidden = false;
  signOutButton.addEventListener('click', async () => {
    await request('/session', { method: 'DELETE' });
    location.reload();
  });
}

/** @param {SubmitEvent} event @param {HTMLFormElement} form */
async function signIn(event, form) {
  event.preventDefault();
  const fields = new FormData(form);
  const problem = byId('sign-in-problem');
  problem.hidden = true;
  try {
    await request('/session', postJson({ token: String(fields.get('token')).trim() }));
    location.assign(String(fields.get('next')));
  } catch (error) {
    if (!(error instanceof RequestProblem)) throw error;
    const { status, detail, title, type } = error.problem;
    problem.textContent = (status === 401 && form.dataset.rejected) || (detail ?? title ?? type);
    problem.hidden = false;
    byId('token').focus();
  }
}
