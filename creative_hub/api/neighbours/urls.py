from django.urls import path

from creative_hub.api.neighbours import ads, by_type, clips, says, stories

urlpatterns = [
    path("api/v1/videos/upload", clips.Upload.as_view(), name="clips-upload"),
    path("api/v1/jobs", clips.Jobs.as_view(), name="clips-jobs"),
    path("api/v1/jobs/<uuid:pk>", by_type.JobDetail.as_view(), name="neighbour-job"),
    path("api/v1/jobs/<uuid:pk>/cancel", by_type.JobCancel.as_view(), name="neighbour-job-cancel"),
    path("api/v1/jobs/<uuid:pk>/result", clips.Result.as_view(), name="clips-result"),
    path("api/v1/generate", ads.Ads.as_view(), name="ads"),
    path("v1/generate/story", stories.Stories.as_view(), name="stories"),
    path("v1/generate/story/<uuid:pk>", stories.StoryJob.as_view(described=says.STORY), name="story"),
    path("v1/jobs/<uuid:pk>", stories.StoryJob.as_view(), name="story-job"),
]
