// Resumable uploads (tus): the library for them is large, and fetched when the first file comes.
// loadTus(address) resolves when it is there, and rejects when it cannot be had; asking again tries again.
(function () {
  let loading = null;
  window.loadTus = function (address) {
    loading = loading || new Promise(function (done, failed) {
      const script = document.createElement('script');
      script.src = address;
      script.onload = done;
      script.onerror = function () { loading = null; failed(new Error('not loaded')); };
      document.head.append(script);
    });
    return loading;
  };
})();
