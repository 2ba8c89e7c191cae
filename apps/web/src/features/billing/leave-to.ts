/** On to a page at Stripe, in the same tab: it sends people back. */
export function leaveTo({ url }: { readonly url: string }): void {
  window.location.assign(url);
}
