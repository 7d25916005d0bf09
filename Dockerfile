FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/var/lib/kaitei STATIC_ROOT=/srv/static HOST=0.0.0.0 PORT=8000

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY . .
RUN useradd --system --uid 10001 kaitei \
 && install --directory --owner kaitei --mode 700 /var/lib/kaitei \
 && VAR_DIR=/tmp/build SECRET_KEY=only-while-building python manage.py collectstatic --noinput \
 && rm -rf /tmp/build

USER kaitei
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
