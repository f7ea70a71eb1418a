/*
 * Makes the affiliate pages pleasant; they work without it. Copies links and code, shows the filtered list while one
 * types, and hides the payment details where none are needed.
 */
(() => {
  'use strict';

  const say = (from, sentence) => {
    const status = from.closest('[data-affiliates]')?.querySelector('[data-affiliates-status]');
    if (!status) return;
    // Emptied first, so that the same sentence is read out again.
    status.textContent = '';
    setTimeout(() => (status.textContent = status.dataset[sentence]), 50);
  };

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.affiliatesCopy);
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
      say(button, 'copied');
      button.classList.add('aff-copied');
      setTimeout(() => button.classList.remove('aff-copied'), 2000);
    } catch {
      // Without https or permission there is no clipboard; the text is selected already.
      say(button, 'failed');
    }
  };

  for (const button of document.querySelectorAll('[data-affiliates-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => copy(button));
  }

  const liveFilter = (form) => {
    const results = '[data-affiliates-results]';
    let timer = 0;
    let asked = 0;
    const show = async () => {
      const address = new URL(form.action);
      address.search = new URLSearchParams(new FormData(form)).toString();
      const mine = ++asked;
      try {
        const answer = await fetch(address, { headers: { accept: 'text/html' } });
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        const found = page.querySelector(results);
        // An answer that was overtaken by a later one must not replace it.
        if (mine !== asked) return;
        if (!answer.ok || !found) return form.submit();
        document.querySelector(results).replaceWith(found);
        for (const problem of form.querySelectorAll('.aff-problem')) {
          const field = form.querySelector(`[aria-describedby="${problem.id}"]`);
          problem.textContent = page.getElementById(problem.id)?.textContent ?? '';
          if (problem.textContent) field.setAttribute('aria-invalid', 'true');
          else field.removeAttribute('aria-invalid');
        }
        history.replaceState(null, '', address);
      } catch {
        if (mine === asked) form.submit();
      }
    };
    form.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(show, 350);
    });
    // Whoever leaves meanwhile, by the button or a link, must not be called back.
    window.addEventListener('beforeunload', () => {
      clearTimeout(timer);
      asked++;
    });
  };

  document.querySelectorAll('[data-affiliates-filter]').forEach(liveFilter);

  for (const field of document.querySelectorAll('[data-affiliates-unless]')) {
    const form = field.closest('form');
    const show = () => (field.hidden = form.elements.method.value === field.dataset.affiliatesUnless);
    form.addEventListener('change', show);
    show();
  }
})();
