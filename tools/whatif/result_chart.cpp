#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <string_view>

#include "tools/whatif/result_format.hpp"
#include "tools/whatif/result_text.hpp"

namespace switchboard::whatif {
namespace {

constexpr double width = 1040, left = 76, right_edge = 1020, plot_width = right_edge - left;
constexpr double plot_height = 210, first_top = 88, between = 66;
constexpr std::size_t most_groups = 8;
/// Okabe and Ito (2008): told apart by the colour-blind too.
constexpr std::array<std::string_view, most_groups> colours{
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7a7a7a", "#000000"};

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string place(double x) {
  return number_text(x, 1);
}

std::string text_at(double x, double y, std::string_view text, std::string_view more = "") {
  return "<text x=\"" + place(x) + "\" y=\"" + place(y) + "\"" + std::string(more) + ">" +
         escaped(text) + "</text>\n";
}

std::string line(double x1, double y1, double x2, double y2, std::string_view of) {
  return "<line x1=\"" + place(x1) + "\" y1=\"" + place(y1) + "\" x2=\"" + place(x2) + "\" y2=\"" +
         place(y2) + "\" class=\"" + std::string(of) + "\"/>\n";
}

/// 1, 2 or 5 times a power of ten, so that at most five steps reach `most`.
double step_for(double most) {
  double step = std::pow(10, std::floor(std::log10(std::max(most, 1e-3) / 5)));
  for (double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (most / (step * factor) <= 5) return step * factor;
  }
  return step * 10;
}

/// Seconds and minutes go by other steps than tens.
double time_step_for(double most_ms) {
  for (double s : {1., 2., 5., 10., 15., 30., 60., 120., 300., 600., 900., 1800., 3600.}) {
    if (most_ms / (s * 1000) <= 5) return s * 1000;
  }
  return std::ceil(most_ms / 5 / 3'600'000) * 3'600'000;
}

struct panel {
  std::string title;
  double top = 0;
  double most = 0;
  double step = 1;
  bool time = false;

  double y(double value) const {
    const double full = std::ceil(most / step) * step;
    return top + plot_height * (1 - std::min(value, full) / full);
  }
};

class chart {
 public:
  explicit chart(const run_result& r) : r_(r) {
    groups_.resize(r.groups.size());
    std::iota(groups_.begin(), groups_.end(), std::size_t{0});
    // Where there are too many, those with the most waiting.
    std::ranges::stable_sort(groups_, std::greater<>{},
                             [&](std::size_t g) { return r.groups[g].mean_queue; });
    if (groups_.size() > most_groups) groups_.resize(most_groups);
    std::ranges::sort(groups_);
  }

  std::string draw() {
    panel queue{"waiting, mean over " + terminal::span_text(r_.interval_ms), first_top, 0, 1,
                false};
    panel wait{"mean wait of those who came then and were accepted",
               first_top + plot_height + between, 0, 1, true};
    for (auto g : groups_) {
      for (const auto& i : r_.series[g]) {
        queue.most = std::max(queue.most, queue_of(i));
        wait.most = std::max(wait.most, wait_of(i));
      }
    }
    queue.most = std::max(queue.most, 1.0);
    wait.most = std::max(wait.most, 5'000.0);
    queue.step = step_for(queue.most);
    wait.step = time_step_for(wait.most);
    draw_frame(queue);
    draw_frame(wait);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      draw_steps(queue, i);
      draw_waits(wait, i);
    }
    return begin() + out_ + "</svg>\n";
  }

 private:
  double queue_of(const interval_figures& i) const {
    return i.queue_ms / static_cast<double>(r_.interval_ms);
  }
  static double wait_of(const interval_figures& i) {
    return i.accepted > 0 ? i.wait_ms / static_cast<double>(i.accepted) : 0;
  }
  double x(double at_ms) const {
    return left + plot_width * std::min(1.0, at_ms / static_cast<double>(r_.length_ms));
  }

  std::string begin() const {
    const double height = first_top + 2 * plot_height + between + 44;
    std::string head = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + place(width) +
                       "\" height=\"" + place(height) + "\" viewBox=\"0 0 " + place(width) + " " +
                       place(height) +
                       "\" font-family=\"sans-serif\" font-size=\"13\">\n"
                       "<style>.grid{stroke:#ddd}.axis{stroke:#444}text{fill:#222}</style>\n"
                       "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
    head += text_at(left, 26, r_.name, " font-size=\"17\" font-weight=\"bold\"");
    head += text_at(left, 46,
                    count_text(r_.all.opened) + " sessions, wait p90 " +
                        wait_text(r_.all.wait.quantile_ms(0.9)) + ", service level " +
                        percent_text(r_.all.service_level()) + ", abandonment " +
                        percent_text(r_.all.abandonment()) + ", occupancy " +
                        percent_text(r_.occupancy));
    double at = left;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const auto& name = r_.groups[groups_[i]].id;
      head += "<rect x=\"" + place(at) + "\" y=\"57\" width=\"14\" height=\"4\" fill=\"" +
              std::string(colours[i]) + "\"/>\n" + text_at(at + 19, 64, name);
      at += 34 + 7.5 * static_cast<double>(name.size());
    }
    if (groups_.size() < r_.groups.size()) {
      head += text_at(at, 64, "and " + std::to_string(r_.groups.size() - groups_.size()) + " more");
    }
    return head;
  }

  void draw_frame(const panel& p) {
    const double bottom = p.top + plot_height;
    out_ += text_at(left, p.top - 7, p.title, " font-size=\"12\"");
    const double full = std::ceil(p.most / p.step) * p.step;
    for (double v = 0; v <= full * 1.0001; v += p.step) {
      out_ += line(left, p.y(v), right_edge, p.y(v), "grid");
      const auto label = p.time ? wait_text(v) : number_text(v, p.step < 1 ? 1 : 0);
      out_ += text_at(left - 8, p.y(v) + 4, v == 0 ? "0" : label, " text-anchor=\"end\"");
    }
    out_ +=
        line(left, p.top, left, bottom, "axis") + line(left, bottom, right_edge, bottom, "axis");
    constexpr std::int64_t hour = 3'600'000;
    const auto hours = r_.length_ms / hour;
    std::int64_t every = hour;
    for (std::int64_t h : {1, 2, 3, 6, 12, 24, 48, 168, 720}) {
      every = h * hour;
      if (hours / h <= 14) break;
    }
    // On whole hours of the clock.
    const auto offset = (every - (r_.start_minute * std::int64_t{60'000}) % every) % every;
    for (auto at = offset; at <= r_.length_ms; at += every) {
      const double here = x(static_cast<double>(at));
      out_ += line(here, bottom, here, bottom + 5, "axis");
      out_ +=
          text_at(here, bottom + 19, clock_text(at, r_.start_minute), " text-anchor=\"middle\"");
    }
    if (r_.warm_up_ms > 0) {
      out_ += "<rect x=\"" + place(left) + "\" y=\"" + place(p.top) + "\" width=\"" +
              place(x(static_cast<double>(r_.warm_up_ms)) - left) + "\" height=\"" +
              place(plot_height) + "\" fill=\"#000\" opacity=\"0.06\"/>\n";
    }
  }

  void path(const std::string& d, std::size_t colour) {
    if (d.empty()) return;
    out_ += "<path d=\"" + d + "\" fill=\"none\" stroke=\"" + std::string(colours[colour]) +
            "\" stroke-width=\"1.6\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n";
  }

  void draw_steps(const panel& p, std::size_t nth) {
    std::string d;
    double at = 0;
    for (const auto& i : r_.series[groups_[nth]]) {
      const auto y = place(p.y(queue_of(i)));
      const double end = at + static_cast<double>(r_.interval_ms);
      d += (d.empty() ? "M" : " L") + place(x(at)) + " " + y + " L" + place(x(end)) + " " + y;
      at = end;
    }
    path(d, nth);
  }

  /// From middle to middle; a gap where nobody was accepted.
  void draw_waits(const panel& p, std::size_t nth) {
    std::string d;
    double at = static_cast<double>(r_.interval_ms) / 2;
    bool joined = false;
    for (const auto& i : r_.series[groups_[nth]]) {
      if (i.accepted > 0) {
        const auto here = place(x(at)) + " " + place(p.y(wait_of(i)));
        // A line of no length shows as a dot, should it stay alone.
        d += joined ? " L" + here : (d.empty() ? "M" : " M") + here + " h0";
      }
      joined = i.accepted > 0;
      at += static_cast<double>(r_.interval_ms);
    }
    path(d, nth);
  }

  const run_result& r_;
  std::vector<std::size_t> groups_;
  std::string out_;
};

}  // namespace

std::string result_chart(const run_result& r) {
  return chart(r).draw();
}

}  // namespace switchboard::whatif
