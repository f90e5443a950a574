"""The Scrapy side of `npm run bench -- crawl`: list pages by their next links, articles by plain selectors.

Run as `python3 -m scrapy runspider scrapy-spider.py -a start=<address of the first list page>`. Prints one line of JSON.
"""

import json
import re
import resource
import time

import scrapy


class NewsSpider(scrapy.Spider):
    name = "news"
    # What is not needed is off, what the other side has on is on: robots.txt, filter of duplicates, no delay.
    custom_settings = {
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
        "LOGSTATS_INTERVAL": 0,
        "REQUEST_FINGERPRINTER_IMPLEMENTATION": "2.7",
    }

    def __init__(self, start, **kwargs):
        super().__init__(**kwargs)
        self.start_urls = [start]
        self.complete = 0
        self.began = None
        self.worked = 0.0

    def parse(self, response):
        if self.began is None:
            self.began = time.monotonic()
            self.worked = time.process_time()
        for href in response.css("ul.list li a::attr(href)").getall():
            yield response.follow(href, self.parse_article)
        for href in response.css(".pages a::attr(href)").getall():
            yield response.follow(href, self.parse)

    def parse_article(self, response):
        title = response.css("h1::text").get()
        text = "\n".join(response.css(".text p::text").getall())
        outlet = response.css(".info span:last-child::text").get()
        date = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", response.css(".info").get(""))
        if title and len(text) > 100 and outlet and date:
            self.complete += 1

    def closed(self, reason):
        seconds = time.monotonic() - self.began
        worked = time.process_time() - self.worked
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        crawl = {"pages": self.complete, "seconds": seconds, "cpuSeconds": worked}
        print(json.dumps({"crawls": [crawl], "megabytes": megabytes}))
