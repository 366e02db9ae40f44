import { simulateUsers } from './simulated-users.js';

self.onmessage = ({ data }) => {
  simulateUsers(data).then(
    (seconds) => self.postMessage({ seconds }),
    (error) => self.postMessage({ error: String(error?.stack ?? error) }),
  );
};
