{* The affiliate page. Its HTML comes from the service, which has escaped everything in it. *}
{if $unavailable}
  <div class="alert alert-warning" role="status">{$unavailable|escape:'html'}</div>
{else}
  {$html nofilter}
{/if}
