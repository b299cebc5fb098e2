import { html, type Service } from './exchange.ts';

/** Where Azure DevOps redirects whoever it does not know (MicrosoftDocs/azure-devops-docs#13661). */
export const SIGN_IN_HOST = 'spsprodweu1.vssps.visualstudio.com';

export const signInPage = `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\r
<html lang="en-US">\r
<head><title>\r
\tAzure DevOps Services | Sign In\r
</title></head>\r
<body class="lwp"></body>\r
</html>\r
`;

/** The sign-in page itself, for clients that follow the redirect: 203, and it looks like success. */
export const signInPageService: Service = {
  operation: () => 'devops.signInPage',
  answer: () => html(203, signInPage),
};
