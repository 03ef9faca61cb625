/** Signs in without leaving the page, so that a refused token is told beside its field. */
import { byId } from './page-data.js';
import { postJson, RequestProblem, request } from './request.js';

const form = /** @type {HTMLFormElement} */ (byId('sign-in'));
const problem = byId('sign-in-problem');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const fields = new FormData(form);
  problem.hidden = true;
  try {
    await request('/session', postJson({ token: String(fields.get('token')).trim() }));
    location.assign(String(fields.get('next')));
  } catch (error) {
    if (!(error instanceof RequestProblem)) throw error;
    const { status, detail, title, type } = error.problem;
    problem.textContent = (status === 401 && form.dataset.refused) || (detail ?? title ?? type);
    problem.hidden = false;
    byId('token').focus();
  }
});
