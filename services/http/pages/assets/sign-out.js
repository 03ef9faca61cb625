/** Signs out and asks for the next token. */
import { request } from './request.js';

const button = document.getElementById('sign-out');
if (button !== null) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await request('/session', { method: 'DELETE' });
    location.reload();
  });
}
