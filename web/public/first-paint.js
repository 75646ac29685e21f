// Runs before the first paint, as its own file because the content policy forbids inline scripts:
// sets language and colour scheme so that neither flashes in wrong and is then corrected.
(() => {
  const root = document.documentElement;
  let stored = {};
  try {
    stored = JSON.parse(localStorage.getItem('brokerlab.preferences') || '{}');
  } catch {
    // storage may be forbidden or hold nonsense; the defaults stand
  }
  const dark =
    stored.theme === 'dark' ||
    (stored.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.mantineColorScheme = dark ? 'dark' : 'light';
  root.lang = stored.language || (navigator.language.startsWith('en') ? 'en' : 'ko');
})();
