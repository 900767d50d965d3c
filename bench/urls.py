"""The product's addresses, and the references' under /bench/."""

from django.urls import path

from bench import references
from diapason.config.urls import urlpatterns as product

urlpatterns = [
    path("bench/hello/", references.hello),
    path("bench/row/", references.row),
    path("bench/rows/", references.rows),
    path("bench/post/", references.post),
    path("bench/memory/", references.memory),
    *product,
]
