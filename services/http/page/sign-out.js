/** Signs out and asks for the next token. */
import { request } from './request.js';

document.getElementById('sign-out')?.addEventListener('click', async () => {
  await request('/session', { method: 'DELETE' });
  location.reload();
});
