<#
.SYNOPSIS
  Renews PATs from Azure Automation.

.DESCRIPTION
  A PowerShell runbook for a Hybrid Runbook Worker that has Node.js 20 or newer and the command:
    npm install --global renew-pats
  The cloud's own workers have no Node.js. Link the runbook to a schedule, twice a week.

  The worker's managed identity opens the vault (role Key Vault Secrets Officer). A person has signed in once with
  renew-pats sign-in, and the refresh token is in the vault: nothing secret is kept in Azure Automation.
#>
$env:RENEWPATS_ORGANIZATION = 'contoso'
$env:RENEWPATS_TENANT_ID = 'contoso.onmicrosoft.com'
$env:RENEWPATS_CLIENT_ID = '66666666-7777-8888-9999-000000000000' # the app the person signed in with
$env:RENEWPATS_SIGN_IN = 'refresh-token'
$env:RENEWPATS_REFRESH_TOKEN_SECRET = 'renew-pats-sign-in'
$env:RENEWPATS_KEY_VAULT = 'contoso-vault'
$env:RENEWPATS_AZURE_SUBSCRIPTION = 'managed-identity'
$env:RENEWPATS_LIFETIME_DAYS = '60'
$env:RENEWPATS_RENEW_BEFORE_DAYS = '21'

renew-pats renew --mode advanced --strict
if ($LASTEXITCODE -ne 0) {
  throw "renew-pats ended with ${LASTEXITCODE}. See what it wrote above."
}
